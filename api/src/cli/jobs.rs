//! `alliance jobs`: what is to be done, what was given up, and letting that be tried anew.

use alliance_entity::job::{self, JobState};
use chrono::DateTime;
use clap::{Args, Subcommand};

use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::list::{self, Revived};

/// How many are listed.
const MOST: u64 = 1_000;

/// The commands.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum JobsCommand {
    /// List jobs that wait or are being done
    List(Which),
    /// Let dead jobs be tried anew
    Retry(Dead),
}

#[derive(Debug, Clone, Copy, Args)]
#[group(multiple = false)]
pub(super) struct Which {
    /// Those that were given up
    #[arg(long)]
    dead: bool,
    /// Those that are done or were given up, too
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Dead {
    /// The number of a job that was given up, as `alliance jobs list --dead` shows it
    id: Option<i64>,
    /// All that were given up
    #[arg(long)]
    dead: bool,
}

/// Does what the command line says, and returns what there is to say.
pub(super) async fn run(app: &App, command: JobsCommand) -> Result<String> {
    match command {
        JobsCommand::List(which) => list(app, which).await,
        JobsCommand::Retry(Dead { id: Some(id), dead: _ }) => retry(app, id).await,
        JobsCommand::Retry(Dead { id: None, dead: _ }) => retry_all(app).await,
    }
}

async fn list(app: &App, which: Which) -> Result<String> {
    let (states, none): (&[JobState], _) = match which {
        Which { all: true, dead: _ } => {
            (&[JobState::Waiting, JobState::Running, JobState::Dead, JobState::Done], "there is no job\n")
        }
        Which { all: false, dead: true } => (&[JobState::Dead], "no job was given up\n"),
        Which { all: false, dead: false } => (&[JobState::Waiting, JobState::Running], "no job waits, and none is being done\n"),
    };
    let jobs = list::list(app.db(), states, MOST + 1).await?;
    if jobs.is_empty() {
        return Ok(none.to_owned());
    }
    let more = jobs.len() > usize::try_from(MOST).unwrap_or(usize::MAX);
    let header = ["JOB", "KIND", "STATE", "TRIES", "WHEN", "PROBLEM"].map(str::to_owned);
    let mut rows = vec![header];
    rows.extend(jobs.iter().take(usize::try_from(MOST).unwrap_or(usize::MAX)).map(columns));
    Ok(table(&rows) + if more { "and more\n" } else { "" })
}

fn columns(job: &job::Model) -> [String; 6] {
    let state = match job.state {
        JobState::Waiting => "waits",
        JobState::Running => "runs",
        JobState::Done => "done",
        JobState::Dead => "dead",
    };
    let when = DateTime::from_timestamp_millis(job.ended.unwrap_or(job.due));
    let when = when.map_or_else(String::new, |when| when.format("%Y-%m-%d %H:%M:%S UTC").to_string());
    let problem = job.problem.clone().unwrap_or_default();
    [job.id.to_string(), job.kind.clone(), state.to_owned(), job.tries.to_string(), when, problem]
}

/// Rows with columns as wide as what stands in them.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

async fn retry(app: &App, id: i64) -> Result<String> {
    match list::revive(app.db(), id).await? {
        Revived::Waits => Ok(format!("job {id} is tried anew\n")),
        Revived::Twin => Ok(format!("job {id} stays dead: another that does the same waits already\n")),
        Revived::NotDead => {
            Err(Error::invalid("ID", format!("there is no dead job {id}; `alliance jobs list --dead` shows which there are")))
        }
    }
}

async fn retry_all(app: &App) -> Result<String> {
    let (mut tried, mut twins) = (0, 0);
    for id in list::dead(app.db()).await? {
        match list::revive(app.db(), id).await? {
            Revived::Waits => tried += 1,
            Revived::Twin => twins += 1,
            Revived::NotDead => {}
        }
    }
    Ok(match (tried, twins) {
        (0, 0) => "no job was given up\n".to_owned(),
        (tried, 0) => format!("tried anew: {tried}\n"),
        (tried, twins) => format!("tried anew: {tried}; {twins} stay dead: others that do the same wait already\n"),
    })
}
