"""Where evidence is looked up: the Chroma index of a user's own events.

::

    event_records     what is stored of an event, and the event made of it again
    sharding          which collection a user's events are in
    chroma_store      Chroma, embedded and without telemetry
    index_state       which generation of the index is in force
    generations       the folders of an index: copied, cleaned, removed
    vector_files      what Chroma writes too much, blanked
    index_filling     writes what is missing, removes what is wrong
      → chroma_index      builds the index and brings it up to date
      → chroma_retriever  brings a user's events back
"""

from __future__ import annotations

from recx_agent.retrievers.chroma_index import ChromaIndex
from recx_agent.retrievers.chroma_retriever import ChromaRetriever

__all__ = ["ChromaIndex", "ChromaRetriever"]
