"""Statements that are asked at every click: compiled once, and then given to the driver as they are.

SQLAlchemy looks at a statement anew whenever it is executed: its cache key, its parameters, the columns of what comes
back. For a row read by its key that takes eight times as long as the database does. Everything else stays SQLAlchemy's:
the words are compiled by it, for the dialect at hand; values pass through the same types on their way in and out; and a
failure of the driver is raised as the same error. Who listens to what is executed hears these too.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Dialect, Select, UpdateBase
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

_Turn = Callable[[Any], Any] | None  # what a type does with a value on its way in or out
_PLANS: Final = "portal_plans"  # among the attributes of a dialect


class Found(Sequence[Any]):
    """The rows of one statement, all of them, as named tuples; ``rowcount`` where it wrote."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows, self.rowcount = rows, rowcount

    def __getitem__(self, place: Any) -> Any:
        return self._rows[place]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        return self._rows

    def first(self) -> Any:
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """:raises NoResultFound: there is none, or there are several."""
        if len(self._rows) != 1:
            raise NoResultFound(f"one row was looked for, {len(self._rows)} were found")
        return self._rows[0]

    def one_or_none(self) -> Any:
        return self.one() if self._rows else None

    def scalar(self) -> Any:
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        return self.one()[0]


@dataclass(slots=True)
class _Plan:
    """A statement in the words of one dialect, for lists of certain lengths.

    ``outward``, what the types of some columns do, is known once the driver has answered.
    """

    text: str
    order: tuple[str, ...] | None  # of the values, where they have places and no names
    fixed: dict[str, Any]  # values that stand in the statement itself
    inward: dict[str, Callable[[Any], Any]]
    lists: dict[str, tuple[str, ...]]  # the names of the values of a list
    columns: Sequence[ColumnElement[Any]]
    row: Callable[[Any], Any]
    outward: list[tuple[int, Callable[[Any], Any]]] | None = None

    def values(self, given: Mapping[str, Any]) -> Any:
        known = {**self.fixed, **given} if self.fixed else dict(given)
        for name, places in self.lists.items():
            known.update(zip(places, known.pop(name), strict=True))
        for name, turn in self.inward.items():
            known[name] = turn(known[name])
        return known if self.order is None else [known[name] for name in self.order]

    def rows(self, cursor: Any, dialect: Dialect) -> list[Any]:
        raw = cursor.fetchall()
        if self.outward is None:  # a type may turn what the driver calls by one type otherwise than another
            kinds = [(place, _outward(column, dialect, cursor, place)) for place, column in enumerate(self.columns)]
            self.outward = [(place, turn) for place, turn in kinds if turn is not None]
        if not self.outward:
            return [self.row(one) for one in raw]
        found = []
        for one in raw:
            values = list(one)
            for place, turn in self.outward:
                values[place] = turn(values[place])
            found.append(self.row(values))
        return found


class Prepared:
    """A statement whose parameters always have the same names; a list among them may have any length."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | UpdateBase) -> None:
        self.statement = statement
        self.is_write = isinstance(statement, UpdateBase)
        self._lists: tuple[str, ...] | None = None

    def on(self, connection: Connection, given: Mapping[str, Any]) -> Found:
        """Execute it in the transaction of this connection, which has begun."""
        if connection.dispatch.before_cursor_execute:  # somebody listens, who expects SQLAlchemy's own way
            result = connection.execute(self.statement, given)
            return Found(list(result) if result.returns_rows else [], result.rowcount)
        plan = self._plan(connection.dialect, given)
        driver: Any = connection.connection.driver_connection
        values = plan.values(given)
        try:
            cursor = driver.execute(plan.text, values)
            return Found(plan.rows(cursor, connection.dialect) if cursor.description else [], cursor.rowcount)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy_says(error, connection, plan.text) from error

    def _plan(self, dialect: Dialect, given: Mapping[str, Any]) -> _Plan:
        """Kept with the dialect, that is with the engine: what its types do goes when it goes."""
        known: dict[object, _Plan] = vars(dialect).setdefault(_PLANS, {})
        plan = known.get(self._key(given)) if self._lists is not None else None
        if plan is None:
            compiled = self.statement.compile(dialect=dialect, column_keys=list(given) if self.is_write else None)
            assert isinstance(compiled, SQLCompiler), "a statement of columns"
            assert not [*compiled.insert_prefetch, *compiled.update_prefetch], "each column is given its value"
            self._lists = tuple(name for name, bind in compiled.binds.items() if bind.expanding and name in given)
            plan = known[self._key(given)] = _planned(compiled, given, dialect)
        return plan

    def _key(self, given: Mapping[str, Any]) -> object:
        return (self, *(len(given[name]) for name in self._lists)) if self._lists else self


def tell(connection: Connection, words: str) -> None:
    """Execute words that need no values and give no rows."""
    if connection.dispatch.before_cursor_execute:
        connection.exec_driver_sql(words)
        return
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(words)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy_says(error, connection, words) from error


def _planned(compiled: SQLCompiler, given: Mapping[str, Any], dialect: Dialect) -> _Plan:
    stands = compiled.construct_expanded_state(dict(given))
    lists = dict(stands.parameter_expansion)
    inward: dict[str, Callable[[Any], Any]] = {}
    for name, bind in compiled.binds.items():
        if (turn := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None:
            inward.update(dict.fromkeys(lists.get(name, (name,)), turn))
    fixed = {name: value for name, value in stands.parameters.items() if name not in given}
    for name in (one for one in lists if one in given):  # the values of such a list are not the statement's own
        for place in lists[name]:
            fixed.pop(place, None)
    for name in [one for one in inward if one in fixed]:
        fixed[name] = inward.pop(name)(fixed[name])
    columns = getattr(compiled.statement, "exported_columns", None)
    shown = list(columns) if columns is not None else []
    return _Plan(
        text=stands.statement,
        order=tuple(stands.positiontup) if compiled.positional and stands.positiontup is not None else None,
        fixed=fixed,
        inward=inward,
        lists={name: tuple(places) for name, places in lists.items() if name in given},
        columns=shown,
        row=_row_of([column.key for column in shown]),
    )


def _row_of(names: list[str]) -> Callable[[Any], Any]:
    kind: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    made: Callable[[Any], Any] = kind._make
    return made


def _outward(column: ColumnElement[Any], dialect: Dialect, cursor: Any, place: int) -> _Turn:
    return column.type.dialect_impl(dialect).result_processor(dialect, cursor.description[place][1])


def _as_sqlalchemy_says(error: Exception, connection: Connection, text: str) -> Exception:
    """The error that it would have raised; a connection that is lost is thrown away."""
    dialect, known = connection.dialect, connection.connection
    is_lost = dialect.is_disconnect(error, known.dbapi_connection, None)  # type: ignore[arg-type]
    if is_lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True,
        connection_invalidated=is_lost, dialect=dialect,
    )  # fmt: skip
