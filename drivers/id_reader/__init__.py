"""Resident identity card readers with a SAM_V security module (居民身份证阅读器)."""
