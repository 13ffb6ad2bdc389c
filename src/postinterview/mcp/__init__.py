"""Offer a gate to AI assistants by the Model Context Protocol (MCP)."""

from __future__ import annotations

from postinterview.mcp.server import create_server

__all__ = ["create_server"]
