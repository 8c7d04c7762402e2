"""The tools for LangChain and LangGraph agents."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool, BaseToolkit, ToolException
from pydantic import ConfigDict, Field, SkipValidation, ValidationError

from recx_agent.errors import RecxError, SettingsError, UsageError
from recx_agent.tools.core import Core
from recx_agent.tools.errors_told import told
from recx_agent.tools.tool_set import TOOLS, Options, ToolSpec, misfit

USER_KEY = "__recx_user_id"
"""Key in ``config["configurable"]``. LangChain copies others into traces, not those with ``__``."""


class RecxTool(BaseTool):
    """One tool for one user, or for the user whom each call's config names.

    Parameters
    ----------
    spec : ToolSpec
    core : Core
    user_id : str, optional
        Whom all calls are about; else ``config["configurable"]["__recx_user_id"]``. Nothing in
        the arguments, metadata or thread id is looked at for it.
    options : Options

    Raises
    ------
    SettingsError
        When it is called: nobody said who the user is.
    """

    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    handle_tool_error: Any = True
    handle_validation_error: Any = Field(default_factory=lambda: _misfit)
    spec: Annotated[ToolSpec, SkipValidation()] = Field(exclude=True, repr=False)
    core: Annotated[Core, SkipValidation()] = Field(exclude=True, repr=False)
    user_id: str | None = Field(None, exclude=True, repr=False)
    options: Options = Options()

    def _run(
        self, *alone: str, config: RunnableConfig, **given: Any
    ) -> tuple[str, dict[str, Any] | None]:
        if alone:  # a string instead of arguments
            given = {next(iter(self.spec.arguments.model_fields)): alone[0]}
        try:
            answer = self.spec.answer(self.core, self._user_of(config), given, self.options)
        except RecxError as error:
            sentence = told(error)
            if sentence is None:
                raise
            raise ToolException(sentence) from error
        return answer.content, answer.artifact

    def _user_of(self, config: RunnableConfig) -> str:
        named = self.user_id or config.get("configurable", {}).get(USER_KEY)
        if not (isinstance(named, str) and named):
            raise SettingsError(
                f"{self.name}: nobody said who the user is; make the tools with user_id=…, or "
                f"call the agent with config={{'configurable': {{{USER_KEY!r}: …}}}}"
            )
        return named


def _misfit(error: ValidationError) -> str:
    """The same words as :func:`recx_agent.tools.dispatch` has."""
    return told(UsageError(misfit(error))) or ""


class RecxToolkit(BaseToolkit):
    """All tools for an assistant.

    Parameters
    ----------
    core : Core
        A :class:`recx_agent.Recx`; it must stay open as long as the tools are used.
    user_id : str, optional
        Whom they are about; else each call's config says it.
    language : str, optional
        Of the verified texts.
    allow_cold : bool
        Suggest to a stranger what everyone likes.
    return_direct : bool
        The tools that answer with verified text end the agent's turn with it.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    core: Annotated[Core, SkipValidation()] = Field(exclude=True, repr=False)
    user_id: str | None = Field(None, min_length=1, exclude=True, repr=False)
    language: str | None = None
    allow_cold: bool = False
    return_direct: bool = False

    def get_tools(self) -> list[BaseTool]:
        """One of each."""
        options = Options(self.language, self.allow_cold)
        return [
            RecxTool(
                name=spec.name,
                description=spec.description,
                args_schema=spec.arguments,
                return_direct=self.return_direct and spec.is_verified,
                spec=spec,
                core=self.core,
                user_id=self.user_id,
                options=options,
            )
            for spec in TOOLS
        ]
