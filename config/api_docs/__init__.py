"""The description of the API as pages: read from the OpenAPI document itself, so that it cannot tell otherwise."""
