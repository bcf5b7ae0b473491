"""Local stand-ins that speak the outside services' protocols over HTTP."""
