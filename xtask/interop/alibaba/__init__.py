"""Compares our client and our fake with Alibaba Cloud's own SDKs."""
