"""These tests take everything from the variables of `atelier env`, and read them when they are imported."""

import shared

shared.server()
