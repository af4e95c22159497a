//! The tables themselves.

use sqlx::{Connection as _, PgConnection, Row as _, SqliteConnection};
use store::{Database, Engine, StoreError};
use testkit::{FreshDatabase, START};

use crate::rows::later;

/// A statement past the seam.
async fn run(database: &FreshDatabase, sql: &'static str) -> Result<(), sqlx::Error> {
    match database.engine() {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(database.address()).await?;
            sqlx::query(sql).execute(&mut connection).await.map(|_| ())
        }
        Engine::Postgres => {
            let mut connection = PgConnection::connect(database.address()).await?;
            sqlx::query(sql).execute(&mut connection).await.map(|_| ())
        }
    }
}

#[tokio::test]
async fn migrating_again_does_nothing() {
    for database in testkit::databases().await {
        assert_eq!(
            database.migrate(later(9)).await.unwrap(),
            Vec::<&str>::new()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_at_once_migrate_once() {
    let database = testkit::sqlite().await;
    let address = format!("{}-other", database.address());
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let address = address.clone();
            tokio::spawn(async move { Database::connect(&address).await?.migrate(START).await })
        })
        .collect();
    let mut applied = 0;
    for task in tasks {
        applied += task.await.unwrap().unwrap().len();
    }
    assert_eq!(applied, store::migrations().count());
}

#[tokio::test]
async fn a_database_of_a_later_release_is_left_alone() {
    for database in testkit::databases().await {
        run(
            &database,
            "INSERT INTO migration (version, name, applied_at) VALUES (9999, '9999_future', 0)",
        )
        .await
        .unwrap();
        let outcome = database.migrate(START).await;
        assert!(
            matches!(outcome, Err(StoreError::Newer { version: 9999 })),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_number_column_takes_no_text() {
    for database in testkit::databases().await {
        run(
            &database,
            "INSERT INTO counter (name, value) VALUES ('right', 1)",
        )
        .await
        .unwrap();
        assert!(
            run(
                &database,
                "INSERT INTO counter (name, value) VALUES ('wrong', 'one')"
            )
            .await
            .is_err(),
            "{:?}",
            database.engine()
        );
    }
}

#[tokio::test]
async fn columns_are_of_three_types() {
    for database in testkit::databases().await {
        let types: Vec<String> = match database.engine() {
            Engine::Sqlite => {
                let mut connection = SqliteConnection::connect(database.address()).await.unwrap();
                let sql = "SELECT DISTINCT c.type FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c \
                           WHERE t.type = 'table' ORDER BY c.type";
                sqlx::query(sql)
                    .fetch_all(&mut connection)
                    .await
                    .unwrap()
                    .iter()
                    .map(|row| row.get(0))
                    .collect()
            }
            Engine::Postgres => {
                let mut connection = PgConnection::connect(database.address()).await.unwrap();
                let sql = "SELECT DISTINCT data_type::text FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";
                sqlx::query(sql)
                    .fetch_all(&mut connection)
                    .await
                    .unwrap()
                    .iter()
                    .map(|row| row.get(0))
                    .collect()
            }
        };
        let expected = match database.engine() {
            Engine::Sqlite => ["BLOB", "INTEGER", "TEXT"],
            Engine::Postgres => ["bigint", "bytea", "text"],
        };
        assert_eq!(types, expected);
    }
}

/// SQLite names what is taken by table and columns; the names we give PostgreSQL must say the same.
#[tokio::test]
async fn unique_values_are_named_after_their_columns() {
    for database in testkit::databases()
        .await
        .iter()
        .filter(|database| database.engine() == Engine::Postgres)
    {
        let mut connection = PgConnection::connect(database.address()).await.unwrap();
        let sql = "SELECT i.relname::text, t.relname::text || '_' || string_agg(a.attname::text, '_' ORDER BY array_position(x.indkey::smallint[], a.attnum)) \
                   FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
                   JOIN pg_namespace n ON n.oid = t.relnamespace \
                   JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (x.indkey) \
                   WHERE n.nspname = 'public' AND x.indisunique GROUP BY i.relname, t.relname";
        let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
        assert!(rows.len() > 20, "{}", rows.len());
        for row in rows {
            assert_eq!(row.get::<String, _>(0), row.get::<String, _>(1));
        }
    }
}

/// The one path where every microsecond counts finds its row by the primary key.
#[tokio::test]
async fn a_status_is_one_look_into_one_index() {
    let database = testkit::sqlite().await;
    let mut connection = SqliteConnection::connect(database.address()).await.unwrap();
    let sql = "EXPLAIN QUERY PLAN SELECT state, not_after, revoked_at, reason FROM certificate WHERE authority = 'a' AND serial = 'b'";
    let plan = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
    let steps: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
    assert_eq!(
        steps,
        [
            "SEARCH certificate USING INDEX sqlite_autoindex_certificate_1 (authority=? AND serial=?)"
        ]
    );
}
