//! Packages of the system: asked for on Debian and its kin, installed as root or by sudo, and
//! named on every other system.

use std::fs;

use anyhow::{Result, bail};

use crate::tool::{Tool, in_path};

/// What a build needs: a linker, and the web view the window is made of.
const TO_BUILD: &[&str] = &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev"];
/// What the window uses when it is there, and Python to fetch the local server with.
const TO_OPEN: &[&str] = &[
    "libayatana-appindicator3-1",
    "fonts-droid-fallback",
    "fonts-liberation",
    "libgl1-mesa-dri",
    "python3",
    "python3-pip",
];
/// What a window needs where there is no display, and what drives it there.
const TO_DRIVE: &[&str] = &[
    "xvfb",
    "openbox",
    "xdotool",
    "x11-utils",
    "dbus",
    "dbus-x11",
    "at-spi2-core",
    "webkit2gtk-driver",
    "imagemagick",
    "python3-gi",
    "gir1.2-gtk-3.0",
    "gnome-keyring",
    "libsecret-tools",
];
/// The browser that the page is tested in, and what lists the tree for the tests of its rules.
const TO_TEST: &[&str] = &["chromium", "git"];
/// The oldest Node.js that the page's tools run on.
const OLDEST_NODE: [u32; 2] = [20, 19];

/// What is about to be done, and so what has to be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Open the window on the display that is there.
    Open,
    /// Open the window on a virtual display.
    Drive,
    /// Run all tests.
    Test,
}

impl Purpose {
    fn packages(self) -> Vec<&'static str> {
        let lists: &[&[&str]] = match self {
            Self::Open => &[TO_BUILD, TO_OPEN],
            Self::Drive => &[TO_BUILD, TO_OPEN, TO_DRIVE],
            Self::Test => &[TO_BUILD, TO_OPEN, TO_DRIVE, TO_TEST],
        };
        lists.concat()
    }

    /// What the packages are installed for, by the names that every Linux has for it.
    fn programs(self) -> Vec<&'static str> {
        const BUILD: &[&str] = &["cc", "pkg-config", "python3"];
        const DRIVE: &[&str] = &[
            "Xvfb",
            "openbox",
            "xdotool",
            "xwininfo",
            "import",
            "setpriv",
            "dbus-daemon",
            "WebKitWebDriver",
        ];
        const TEST: &[&str] = &[
            "git",
            "chromium",
            "dbus-run-session",
            "dbus-send",
            "gnome-keyring-daemon",
            "secret-tool",
        ];
        let lists: &[&[&str]] = match self {
            Self::Open => &[BUILD],
            Self::Drive => &[BUILD, DRIVE],
            Self::Test => &[BUILD, DRIVE, TEST],
        };
        lists.concat()
    }
}

/// Installs the packages that are missing for `purpose`; on a system without apt, checks what can
/// be checked and names what is not there.
///
/// # Errors
/// When something is missing and cannot be installed; the message says what to install.
pub(crate) fn install(purpose: Purpose) -> Result<()> {
    require_node()?;
    if !cfg!(target_os = "linux") {
        return name_what_is_missing();
    }
    if !in_path("dpkg-query") || !in_path("apt-get") {
        return name_missing_libraries(purpose);
    }
    let missing: Vec<&str> = purpose
        .packages()
        .into_iter()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        println!(
            "All {} system packages are installed.",
            purpose.packages().len()
        );
        return Ok(());
    }
    let by_root = Tool::new("id").args(["-u"]).read_quietly().as_deref() == Some("0");
    if !by_root && !in_path("sudo") {
        bail!(
            "{} system packages are missing, and they cannot be installed without root or sudo; as \
             root run: apt-get install --no-install-recommends {}",
            missing.len(),
            missing.join(" ")
        );
    }
    println!(
        "Installing {} system packages: {}",
        missing.len(),
        missing.join(" ")
    );
    let apt = |arguments: &[&str]| {
        let tool = if by_root {
            Tool::new("apt-get")
        } else {
            Tool::new("sudo").args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        };
        tool.args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
    };
    apt(&["update", "-q"]).run()?;
    apt(&["install", "-y", "-q", "--no-install-recommends"])
        .args(&missing)
        .run()
}

fn is_installed(package: &str) -> bool {
    let asked = Tool::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]);
    asked.read_quietly().as_deref() == Some("installed")
}

/// Node comes from the person: Debian 12's own is too old.
fn require_node() -> Result<()> {
    let Some(version) = Tool::new("node").args(["--version"]).read_quietly() else {
        bail!("Node.js is missing: install version 20.19 or newer, with npm");
    };
    if is_older(&version, OLDEST_NODE) {
        bail!("Node.js {version} is too old: install version 20.19 or newer");
    }
    if !in_path("npm") {
        bail!("npm is missing: install it with Node.js");
    }
    Ok(())
}

/// Whether `version`, such as `v20.19.0`, comes before major and minor of `oldest`. What is no
/// version comes before all.
fn is_older(version: &str, oldest: [u32; 2]) -> bool {
    let numbers = version.trim_start_matches('v').split('.');
    let numbers: Vec<u32> = numbers.map_while(|number| number.parse().ok()).collect();
    numbers.as_slice() < oldest.as_slice()
}

/// A Linux without apt: the libraries are asked for by pkg-config, the programs by `PATH`.
fn name_missing_libraries(purpose: Purpose) -> Result<()> {
    let distribution = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = distribution
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let mut missing: Vec<String> = purpose
        .programs()
        .into_iter()
        .filter(|program| !in_path(program))
        .map(str::to_owned)
        .collect();
    for library in ["webkit2gtk-4.1", "gtk+-3.0", "libsoup-3.0"] {
        if Tool::new("pkg-config")
            .args(["--exists", library])
            .read_quietly()
            .is_none()
        {
            missing.push(format!("{library} (library with its headers)"));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!(
        "missing on {}: {}",
        name.unwrap_or("this Linux"),
        missing.join(", ")
    )
}

/// macOS and Windows bring their web view; a compiler and Python do not come by themselves.
fn name_what_is_missing() -> Result<()> {
    let (compiler, advice) = if cfg!(target_os = "macos") {
        (
            "cc",
            "the Xcode command line tools (xcode-select --install)",
        )
    } else {
        (
            "rustc.exe",
            "the Visual Studio C++ build tools and WebView2",
        )
    };
    let mut missing = Vec::new();
    if !in_path(compiler) {
        missing.push(advice);
    }
    if !in_path("python3") && !in_path("python.exe") {
        missing.push("Python 3 with pip, which fetches the local server");
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!("missing on this system: {}", missing.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_before_20_19_is_too_old_and_words_are_no_version() {
        for old in ["v18.20.4", "v20.18.3", "v20", "v9.99.0", "", "node"] {
            assert!(is_older(old, OLDEST_NODE), "{old:?} is refused");
        }
        for new in ["v20.19.0", "v20.20.2", "v22.0.0", "v100.1.0-rc.1"] {
            assert!(!is_older(new, OLDEST_NODE), "{new:?} is taken");
        }
    }

    #[test]
    fn whatever_a_purpose_asks_for_a_greater_one_asks_for_too() {
        for (lesser, greater) in [
            (Purpose::Open, Purpose::Drive),
            (Purpose::Drive, Purpose::Test),
        ] {
            let packages = greater.packages();
            for package in lesser.packages() {
                assert!(packages.contains(&package), "{greater:?} needs {package}");
            }
            let programs = greater.programs();
            for program in lesser.programs() {
                assert!(programs.contains(&program), "{greater:?} needs {program}");
            }
        }
    }
}
