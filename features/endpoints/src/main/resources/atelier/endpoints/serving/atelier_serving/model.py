"""What the routes ask of a model, and the description of what it takes and gives."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """One column of a table, typed by MLflow's names: double, float, long, integer, boolean, string, binary, datetime.

    A tensor has numpy's name of its type and a shape; -1 is any size.
    """

    name: str | None
    type: str
    required: bool = True
    shape: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Signature:
    """What a model takes and gives. Empty when the model does not say."""

    inputs: tuple[Column, ...] = ()
    outputs: tuple[Column, ...] = ()
    params: tuple[Column, ...] = field(default=())

    @property
    def is_table(self) -> bool:
        return bool(self.inputs) and all(column.shape is None for column in self.inputs)

    @property
    def names(self) -> list[str] | None:
        """The columns' names, or None when they have none."""
        names = [column.name for column in self.inputs]
        return names if names and all(name is not None for name in names) else None


class Model:
    """A thing that scores. Called from many threads at once."""

    signature = Signature()
    example: object = None

    def warm_up(self) -> None:
        """Scores the model's own example, so that the first caller does not pay for lazy imports."""

    def score(self, body: bytes, headers: dict[str, str]) -> object:
        """Answers `/score`: the value to be sent as JSON, or a `Reply`."""
        raise NotImplementedError

    def invocations(self, body: bytes, content_type: str) -> object:
        """Answers MLflow's `/invocations`."""
        raise NotImplementedError

    def infer(self, request: dict) -> list[dict]:
        """Answers Open Inference Protocol v2: the list of output tensors."""
        raise NotImplementedError


@dataclass(frozen=True)
class Reply:
    """A whole HTTP answer, for scripts that make their own."""

    status: int
    headers: dict[str, str]
    body: bytes
