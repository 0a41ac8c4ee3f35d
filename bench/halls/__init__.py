"""What the benchmark of the halls is made of: a hall that never closes, servers, browsers, a bare app beside ours."""
