"""Synthetic papers (示例) and photographs of them, for simulators, tests and benchmarks; nothing in service uses them.

A seed gives the same papers, the same photographs and the same corners each time.
"""
