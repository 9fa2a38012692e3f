"""Giving people access to calls"""
