"""Markup that people send"""
