"""Where evidence is looked up: the Chroma index of a user's own events and texts.

::

    index_records, event_records, text_records
                      what is stored of an event or an item, and the event made of it again
    index_plan, index_content, sharding
                      which collections there are, and what each is to hold
    index_state       which generation of the index is in force
    chroma_faults, chroma_client, chroma_store
                      Chroma, embedded or on a server, without telemetry
    folder_place, generations, record_digests, file_cleaning, vector_files
                      an index in a folder: copied, known again, cleaned, removed
    server_place, server_lease
                      an index on a server, written to by one at a time
    index_filling     writes what is missing, removes what is wrong
      → chroma_index      builds the index and brings it up to date
      → open_index, chroma_retriever
                          bring a user's events and texts back
    text_embedding    texts as vectors
    langchain_retriever
                      one user's events as LangChain documents
"""

from __future__ import annotations

from recx_agent.retrievers.chroma_index import ChromaIndex
from recx_agent.retrievers.chroma_retriever import ChromaRetriever, OwnEvent
from recx_agent.retrievers.file_cleaning import clean_server_folder

__all__ = ["ChromaIndex", "ChromaRetriever", "OwnEvent", "clean_server_folder"]
