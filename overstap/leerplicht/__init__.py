"""Leerplicht/RMC: who lives in the own gemeente. No models."""
