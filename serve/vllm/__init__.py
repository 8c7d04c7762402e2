"""The server of the language model, started and watched by ``recx llm serve``."""
