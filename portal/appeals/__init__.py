"""Appeals: somebody asked. Inquiries with a first responder who stays named until another office takes over."""
