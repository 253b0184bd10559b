"""Embedded PostgreSQL and Valkey, so that a fresh machine needs neither a database server nor Redis nor root.

Several processes share them: each holds a shared lock while it uses them, and whoever leaves last stops them. The kernel gives a
lock back when its holder dies, so a killed process is never counted.
"""
