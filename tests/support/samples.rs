//! Believable objects for a first look: a photo library, measurements, a web site, documents.
//!
//! Everything is generated and the same each time: pictures are PNGs made here, tables come from a
//! small arithmetic series. Filling twice changes nothing that a person has added.

mod picture;

use anyhow::Result;
use bytes::Bytes;
use http::Method;

use crate::s3::{S3, object_path};

/// The sample buckets.
pub const BUCKETS: [&str; 3] = ["field-recordings", "harbour-survey", "website-assets"];

/// Creates the sample buckets and puts the sample objects where they are missing.
///
/// # Errors
/// When the server refuses a bucket or an object.
pub async fn fill(client: &S3) -> Result<()> {
    for bucket in BUCKETS {
        client.ensure_bucket(bucket).await?;
    }
    for sample in samples() {
        if client.head(sample.bucket, &sample.key).await?.is_some() {
            continue;
        }
        let path = object_path(sample.bucket, &sample.key);
        let headers = [
            ("content-type", sample.content_type),
            ("x-amz-meta-source", "longshore-samples"),
        ];
        let answer = client
            .send(Method::PUT, &path, &[], &headers, sample.body)
            .await?;
        answer.success(&format!("PUT {path}"))?;
    }
    Ok(())
}

struct Sample {
    bucket: &'static str,
    key: String,
    content_type: &'static str,
    body: Bytes,
}

fn samples() -> Vec<Sample> {
    let mut samples = survey();
    samples.extend(website());
    samples.extend(recordings());
    samples
}

/// Photographs, tide tables and reports of a survey.
fn survey() -> Vec<Sample> {
    let bucket = "harbour-survey";
    let mut samples = Vec::new();
    for (index, place) in [
        "north-pier",
        "lighthouse",
        "dry-dock",
        "Hafenstraße",
        "魚市場",
    ]
    .iter()
    .enumerate()
    {
        for shot in 1..=4 {
            samples.push(Sample {
                bucket,
                key: format!("photos/2026/{place}/{place}-{shot:03}.png"),
                content_type: "image/png",
                body: picture::harbour(index as u32 * 7 + shot),
            });
        }
    }
    for month in 1..=12 {
        samples.push(Sample {
            bucket,
            key: format!("tides/2026/2026-{month:02}.csv"),
            content_type: "text/csv",
            body: tide_table(month).into(),
        });
    }
    samples.push(text(bucket, "README.md", "text/markdown", README));
    samples.push(text(
        bucket,
        "reports/Übersicht 2026.md",
        "text/markdown",
        REPORT,
    ));
    samples.push(text(
        bucket,
        "reports/sensors.json",
        "application/json",
        SENSORS,
    ));
    samples
}

/// A small static site.
fn website() -> Vec<Sample> {
    let bucket = "website-assets";
    let mut samples = vec![
        text(bucket, "index.html", "text/html", PAGE),
        text(
            bucket,
            "css/site.css",
            "text/css",
            "body { font: 16px/1.5 system-ui; margin: 4rem }\n",
        ),
        text(
            bucket,
            "js/app.js",
            "text/javascript",
            "document.title = \"Harbour\";\n",
        ),
        text(
            bucket,
            "robots.txt",
            "text/plain",
            "User-agent: *\nAllow: /\n",
        ),
    ];
    for size in [32, 180, 512] {
        samples.push(Sample {
            bucket,
            key: format!("icons/icon-{size}.png"),
            content_type: "image/png",
            body: picture::harbour(size),
        });
    }
    samples
}

/// A folder with many rows, and one object worth a progress bar.
fn recordings() -> Vec<Sample> {
    let bucket = "field-recordings";
    let mut samples: Vec<Sample> = (1..=120)
        .map(|take| Sample {
            bucket,
            key: format!("takes/take-{take:04}.json"),
            content_type: "application/json",
            body: format!(
                "{{\"take\":{take},\"seconds\":{},\"kept\":{}}}\n",
                take * 7 % 180,
                take % 3 != 0
            )
            .into(),
        })
        .collect();
    samples.push(Sample {
        bucket,
        key: "masters/harbour-at-dawn.wav".to_owned(),
        content_type: "audio/wav",
        body: picture::tone(6 * 1024 * 1024),
    });
    samples
}

fn text(bucket: &'static str, key: &str, content_type: &'static str, body: &'static str) -> Sample {
    Sample {
        bucket,
        key: key.to_owned(),
        content_type,
        body: Bytes::from_static(body.as_bytes()),
    }
}

fn tide_table(month: u32) -> String {
    let mut table = String::from("day,hour,metres\n");
    for day in 1..=28 {
        for hour in [2, 8, 14, 20] {
            let millimetres = 1_200 + (day * 137 + hour * 211 + month * 53) % 2_900;
            table.push_str(&format!(
                "2026-{month:02}-{day:02},{hour:02}:00,{}.{:03}\n",
                millimetres / 1000,
                millimetres % 1000
            ));
        }
    }
    table
}

const README: &str = "# Harbour survey\n\nPhotographs, tide tables and reports of the survey of \
                      2026.\n\n- `photos/` by year and place\n- `tides/` one table a month\n- \
                      `reports/` what was found\n";
const REPORT: &str = "# Übersicht 2026\n\nDer Nordpier ist tragfähig. Die Mauer am Trockendock \
                      braucht bis Oktober neue Fugen.\n";
const SENSORS: &str = "[\n  {\"id\": \"np-1\", \"place\": \"north-pier\", \"depth\": 4.2},\n  \
                       {\"id\": \"lh-1\", \"place\": \"lighthouse\", \"depth\": 11.7}\n]\n";
const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<title>Harbour</title>\n<link \
                    rel=\"stylesheet\" href=\"css/site.css\">\n<h1>Harbour</h1>\n<p>Open from six \
                    to ten.</p>\n</html>\n";
