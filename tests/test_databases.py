"""The test databases themselves: forgetting, committing and cloning do what the other tests trust them to do."""

from sqlalchemy import Engine, text

from domain.shared.db.session import Database


def test_what_a_test_writes_is_seen_by_its_next_transaction(db: Database) -> None:
    with db.transaction() as session:
        session.execute(text("CREATE TABLE scratch (word TEXT)"))
        session.execute(text("INSERT INTO scratch VALUES ('kept')"))

    with db.reading() as session:
        words = session.scalars(text("SELECT word FROM scratch")).all()

    assert words == ["kept"]


def test_what_another_test_wrote_is_forgotten(engine: Engine, db: Database) -> None:
    del db

    with engine.connect() as connection:
        tables = connection.dialect.get_table_names(connection)

    assert "scratch" not in tables


def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    with db.transaction() as session:
        session.execute(text("CREATE TABLE scratch (word TEXT)"))

    try:
        with db.transaction() as session:
            session.execute(text("INSERT INTO scratch VALUES ('lost')"))
            raise LookupError
    except LookupError:
        pass

    with db.reading() as session:
        assert session.scalars(text("SELECT count(*) FROM scratch")).one() == 0


def test_a_commit_is_seen_by_another_connection(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        session.execute(text("CREATE TABLE scratch (word TEXT)"))
        session.execute(text("INSERT INTO scratch VALUES ('kept')"))

    with committed_db.reading() as session:
        words = session.scalars(text("SELECT word FROM scratch")).all()

    assert words == ["kept"]
