"""The extractors that come with boilerbench: one small file each, its whole dependency tree locked beside it."""
