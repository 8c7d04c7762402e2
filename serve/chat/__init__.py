"""A chat endpoint in front of the assistant: any chat interface can ask it like a model.

::

    router    /v1/chat/completions, /v1/models; who asks is told by the credential alone
    bodies    what is sent: of all messages only the last one of the person is read
    talks     the assistant of the workspace in force, and one memory for each subject
    answers   completions and their chunks, in the protocol's shape
    faults    errors in the protocol's shape
"""
