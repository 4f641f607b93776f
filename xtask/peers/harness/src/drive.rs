//! The driver: makes N calls with C concurrent callers, then prints one line of JSON.
//!
//! `--endpoint URL --calls N --concurrency C [--warmup W] [--op NAME] [--count-allocs]`, and options that a contender
//! reads for itself ([`Options::get`]).

use std::{
    error::Error,
    fmt::Write as _,
    future::Future,
    process::exit,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Instant,
};

use crate::{
    alloc,
    usage::{Usage, peak_rss_kib},
};

/// Any error.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A contender, created once.
pub trait Client: Send + Sync + 'static {
    /// Its callers.
    type Worker: Worker;

    /// Creates a caller, once per concurrent call.
    fn worker(&self) -> impl Future<Output = Result<Self::Worker, BoxError>> + Send;
}

/// One caller, which makes one call after another.
pub trait Worker: Send + 'static {
    /// Makes a call, reads the whole response, and returns its number of gateways, or 1 if the response is not a list,
    /// which shows that the work was done.
    fn call(&mut self) -> impl Future<Output = Result<usize, BoxError>> + Send;
}

/// The command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where requests go.
    pub endpoint: String,
    /// Number of measured calls.
    pub calls: usize,
    /// Number of concurrent calls.
    pub concurrency: usize,
    /// Number of calls before the measurement.
    pub warmup: usize,
    /// The operation.
    pub op: String,
    /// Whether allocations are counted, which costs a little time.
    pub count_allocs: bool,
    others: Vec<(String, String)>,
}

impl Options {
    /// Reads it.
    ///
    /// # Errors
    /// An option without a value, or an invalid number.
    pub fn parse() -> Result<Self, BoxError> {
        let mut options = Self {
            endpoint: "http://127.0.0.1:8099".into(),
            calls: 2000,
            concurrency: 1,
            warmup: 0,
            op: "ListGateways".into(),
            count_allocs: false,
            others: Vec::new(),
        };
        let mut warmup = None;
        let mut args = std::env::args().skip(1);
        while let Some(key) = args.next() {
            if key == "--count-allocs" {
                options.count_allocs = true;
                continue;
            }
            let value = args.next().ok_or_else(|| format!("{key} needs a value"))?;
            let number = || value.parse().map_err(|_| format!("{key}: not a number: {value}"));
            match key.as_str() {
                "--endpoint" => options.endpoint = value,
                "--calls" => options.calls = number()?,
                "--concurrency" => options.concurrency = number()?.max(1),
                "--warmup" => warmup = Some(number()?),
                "--op" => options.op = value,
                _ => options.others.push((key.trim_start_matches('-').into(), value)),
            }
        }
        options.warmup = warmup.unwrap_or_else(|| (options.calls / 10).clamp(options.concurrency, 2000));
        Ok(options)
    }

    /// An option of a contender's own.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.others.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// Measures a contender and prints the line with its name, or reports the failure and ends the program.
pub fn main<C: Client>(name: &str, build: impl AsyncFnOnce(Options) -> Result<C, BoxError>) {
    match run(name, build) {
        Ok(line) => println!("{line}"),
        Err(error) => {
            eprintln!("{name}: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because {error}");
                cause = error.source();
            }
            exit(1);
        }
    }
}

fn run<C: Client>(
    name: &str,
    build: impl AsyncFnOnce(Options) -> Result<C, BoxError>,
) -> Result<String, BoxError> {
    let options = Options::parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let before = Usage::now();
        let client = build(options.clone()).await?;
        let mut workers = Vec::with_capacity(options.concurrency);
        for _ in 0..options.concurrency {
            workers.push(client.worker().await?);
        }
        let setup_cpu_us = Usage::now().cpu_us() - before.cpu_us();
        let (workers, _) = batch(workers, options.warmup).await?;

        if options.count_allocs {
            alloc::start();
        }
        let (start, before) = (Instant::now(), Usage::now());
        let (workers, items) = batch(workers, options.calls).await?;
        let (wall_s, after) = (start.elapsed().as_secs_f64(), Usage::now());
        let (allocs, alloc_bytes) = alloc::stop();
        drop(workers);

        let calls = options.calls as f64;
        let mut line = format!(
            "{{\"client\":\"{name}\",\"op\":\"{}\",\"calls\":{},\"concurrency\":{},\"items_per_call\":{:.2},\
             \"wall_s\":{wall_s:.4},\"calls_per_s\":{:.1},\"cpu_us_per_call\":{:.2},\"user_us_per_call\":{:.2},\
             \"sys_us_per_call\":{:.2},\"ctx_per_call\":{:.2},\"setup_cpu_us\":{setup_cpu_us:.0},\"peak_rss_kib\":{}",
            options.op,
            options.calls,
            options.concurrency,
            items as f64 / calls,
            calls / wall_s,
            (after.cpu_us() - before.cpu_us()) / calls,
            (after.user_us - before.user_us) / calls,
            (after.system_us - before.system_us) / calls,
            (after.context_switches - before.context_switches) as f64 / calls,
            peak_rss_kib(),
        );
        if options.count_allocs {
            let (allocs, alloc_bytes) = (allocs as f64 / calls, alloc_bytes as f64 / calls);
            write!(line, ",\"allocs_per_call\":{allocs:.1},\"alloc_bytes_per_call\":{alloc_bytes:.0}")?;
        }
        line.push('}');
        Ok(line)
    })
}

/// Distributes calls among idle workers; returns the workers and the number of received items.
async fn batch<W: Worker>(workers: Vec<W>, calls: usize) -> Result<(Vec<W>, usize), BoxError> {
    let left = Arc::new(AtomicUsize::new(calls));
    let tasks: Vec<_> = workers
        .into_iter()
        .map(|mut worker| {
            let left = Arc::clone(&left);
            tokio::spawn(async move {
                let mut items = 0;
                while left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok() {
                    items += worker.call().await?;
                }
                Ok::<_, BoxError>((worker, items))
            })
        })
        .collect();
    let mut workers = Vec::with_capacity(tasks.len());
    let mut all = 0;
    for task in tasks {
        let (worker, items) = task.await??;
        workers.push(worker);
        all += items;
    }
    Ok((workers, all))
}
