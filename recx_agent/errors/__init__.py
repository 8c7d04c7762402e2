"""Every error recx-agent raises on purpose.

::

    RecxError                   catch this to catch them all
    ├── UsageError              the caller's mistake; nothing was changed
    │   ├── SettingsError       a setting, a mapping or a command-line value
    │   ├── UnknownUser         no such user (exit 3)
    │   ├── UnknownItem         no such item; names the closest titles
    │   ├── UnknownAttribute    no such attribute value; names the closest ones
    │   ├── NotOffered          the model cannot answer this kind of question
    │   ├── NoHistory           the user has none that counts
    │   ├── NotInHistory        the item is no term of the user's score
    │   ├── TurnedDown          the user has disliked or excluded the item
    │   ├── UnclearReason       several reasons may be meant; carries them
    │   ├── UnknownFeedback     nothing such to undo
    │   └── Withheld            a privacy rule or the user keeps it from being told
    ├── DataError               input data; names file, row, field and remedy
    │   ├── SourceUnavailable   a data set could be had from nowhere
    │   └── BadRows             rows refused; carries every refused row
    ├── TrainingDiverged        factors became infinite
    ├── WriteLocked             another process writes to the workspace or the index
    ├── WriteFailed             no room, no permission, or no folder to write to (exit 6)
    ├── PromptError             a claim or its evidence cannot be put into words
    ├── LlmError                the endpoint of the language model
    │   ├── LlmUnreachable      nothing answers, or the connection broke
    │   ├── LlmTimeout          no answer in time
    │   ├── LlmOverloaded       HTTP 429 or 503; says how long to wait
    │   ├── LlmFaulty           HTTP 5xx, or an answer that cannot be read
    │   ├── LlmRefused          key, model name, length or a parameter
    │   └── LlmPaused           too many faults in a row; left alone for a while
    ├── ModelServerFailed       the language model's server did not start, or ended
    ├── ArtefactError           something recx-agent itself saved
    │   ├── WorkspaceEmpty      nothing fitted there yet
    │   ├── ArtefactDamaged     a checksum or a shape does not match
    │   └── ArtefactVersion     written by another format version
    ├── StoreError              a store beside the versions; names file or server
    │   ├── UserStoreError      feedback, added events and erased users
    │   │   ├── UserStoreDamaged      it cannot be read, or its key does not fit
    │   │   ├── UserStoreBusy         another process holds it for too long
    │   │   ├── UserStoreFull         no room on the disk
    │   │   ├── UserStoreUnreachable  its server does not answer, or refuses us
    │   │   └── UserStoreVersion      written by a newer recx-agent
    │   └── KeptStoreError      kept texts and audit records
    │       ├── KeptStoreDamaged      it cannot be read
    │       └── KeptStoreVersion      written by another recx-agent
    ├── UnknownAudit            no audit record with this id
    ├── ErasureUnfinished       a user is unknown, but not erased everywhere yet
    ├── EvidenceIndexError      the evidence index
    │   ├── IndexMissing        no index for this model; names the command
    │   ├── IndexStale          the index belongs to another model or misses events
    │   ├── IndexDamaged        it cannot be read, or its records are not what was written
    │   └── IndexUnreachable    the Chroma server does not answer
    └── ServingError            a request that a server of ours does not answer
        ├── NotSignedIn         no credential, or one that does not hold
        ├── Forbidden           the credential does not allow it
        ├── UnfitRequest        no JSON, or other fields than the route has
        ├── RequestTooLarge     the body is longer than is taken
        ├── NoJson              the body is not sent as JSON
        ├── ReloadFailed        the workspace cannot be opened anew; the old one goes on
        ├── WrongHost           a host that this server is not called by
        └── Overloaded          not now; says when to try again
            ├── TooManyRequests the caller has asked too often
            ├── ServerBusy      as much is being answered as can be
            └── ServerStopping  it is shutting down, or is not ready yet

Each message says what was wrong, where, and what to do; the facts are also
attributes, so that a program need not read the message.
"""

from __future__ import annotations

from recx_agent.errors.artefacts import (
    ArtefactDamaged,
    ArtefactError,
    ArtefactVersion,
    WorkspaceEmpty,
)
from recx_agent.errors.asking import (
    NoHistory,
    NotInHistory,
    NotOffered,
    ReasonCandidate,
    SettingsError,
    TurnedDown,
    UnclearReason,
    UnknownAttribute,
    UnknownFeedback,
    UnknownItem,
    UnknownUser,
    UsageError,
    Withheld,
)
from recx_agent.errors.base import RecxError
from recx_agent.errors.data import BadRow, BadRows, DataError, SourceUnavailable, TrainingDiverged
from recx_agent.errors.evidence_index import (
    EvidenceIndexError,
    IndexDamaged,
    IndexMissing,
    IndexStale,
    IndexUnreachable,
)
from recx_agent.errors.kept import (
    KeptStoreDamaged,
    KeptStoreError,
    KeptStoreVersion,
    UnknownAudit,
)
from recx_agent.errors.llm import (
    PASSING_FAULTS,
    LlmError,
    LlmFaulty,
    LlmOverloaded,
    LlmPaused,
    LlmRefused,
    LlmTimeout,
    LlmUnreachable,
    ModelServerFailed,
)
from recx_agent.errors.serving import (
    Forbidden,
    NoJson,
    NotSignedIn,
    Overloaded,
    ReloadFailed,
    RequestTooLarge,
    ServerBusy,
    ServerStopping,
    ServingError,
    TooManyRequests,
    UnfitRequest,
    WrongHost,
)
from recx_agent.errors.stores import StoreError
from recx_agent.errors.users import (
    ErasureUnfinished,
    UserStoreBusy,
    UserStoreDamaged,
    UserStoreError,
    UserStoreFull,
    UserStoreUnreachable,
    UserStoreVersion,
)
from recx_agent.errors.writing import PromptError, WriteFailed, WriteLocked

__all__ = [
    "PASSING_FAULTS",
    "ArtefactDamaged",
    "ArtefactError",
    "ArtefactVersion",
    "BadRow",
    "BadRows",
    "DataError",
    "ErasureUnfinished",
    "EvidenceIndexError",
    "Forbidden",
    "IndexDamaged",
    "IndexMissing",
    "IndexStale",
    "IndexUnreachable",
    "KeptStoreDamaged",
    "KeptStoreError",
    "KeptStoreVersion",
    "LlmError",
    "LlmFaulty",
    "LlmOverloaded",
    "LlmPaused",
    "LlmRefused",
    "LlmTimeout",
    "LlmUnreachable",
    "ModelServerFailed",
    "NoHistory",
    "NoJson",
    "NotInHistory",
    "NotOffered",
    "NotSignedIn",
    "Overloaded",
    "PromptError",
    "ReasonCandidate",
    "RecxError",
    "ReloadFailed",
    "RequestTooLarge",
    "ServerBusy",
    "ServerStopping",
    "ServingError",
    "SettingsError",
    "SourceUnavailable",
    "StoreError",
    "TooManyRequests",
    "TrainingDiverged",
    "TurnedDown",
    "UnclearReason",
    "UnfitRequest",
    "UnknownAttribute",
    "UnknownAudit",
    "UnknownFeedback",
    "UnknownItem",
    "UnknownUser",
    "UsageError",
    "UserStoreBusy",
    "UserStoreDamaged",
    "UserStoreError",
    "UserStoreFull",
    "UserStoreUnreachable",
    "UserStoreVersion",
    "Withheld",
    "WorkspaceEmpty",
    "WriteFailed",
    "WriteLocked",
    "WrongHost",
]
