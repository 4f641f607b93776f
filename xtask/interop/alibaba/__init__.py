"""Our client and our fake against Alibaba Cloud's own SDKs."""
