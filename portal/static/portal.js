// Every page works without this file; it makes the components of GOV.UK Frontend more comfortable.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js";

// Inline in GOV.UK's own template; here, because the content security policy forbids inline scripts.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
