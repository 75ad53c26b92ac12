//! A body on its way: counted, slowed, flipped, cut.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::unfold;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use tokio_util::sync::CancellationToken;

use super::record::Entry;
use super::rule::Gate;

/// Any error of a body.
pub(super) type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// Any body.
pub(super) type Body = UnsyncBoxBody<Bytes, BoxError>;

/// A slowed body moves in pieces of at most this many bytes, so that its speed is even.
const PIECE: usize = 16 * 1024;
/// Hyper writes what it has while a body is pending; a reset sooner would take those bytes along.
const FLUSHES_WITHIN: Duration = Duration::from_millis(30);

/// What happens to a body.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) bytes_per_second: Option<u64>,
    pub(super) flip_at: Option<u64>,
    pub(super) cut: Option<(u64, Cut)>,
}

/// How a body ends early.
#[derive(Debug, Clone)]
pub(super) enum Cut {
    /// The connection to the client is reset.
    Reset,
    /// Nothing moves until the gate opens; then the connection is reset.
    Stall(Arc<Gate>),
}

/// Which of an exchange's two bodies it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Direction {
    Request,
    Response,
}

struct Flow {
    body: Incoming,
    left: Bytes,
    passed: u64,
    shape: Shape,
    entry: Arc<Entry>,
    direction: Direction,
    abort: CancellationToken,
}

/// Passes `body` on under `shape`, counting into `entry`.
pub(super) fn shaped(
    body: Incoming,
    direction: Direction,
    shape: Shape,
    entry: Arc<Entry>,
    abort: CancellationToken,
) -> Body {
    let flow = Flow {
        body,
        left: Bytes::new(),
        passed: 0,
        shape,
        entry,
        direction,
        abort,
    };
    let frames = unfold(Some(flow), |flow| async {
        let mut flow = flow?;
        match flow.next().await {
            Some(Ok(frame)) => Some((Ok(frame), Some(flow))),
            Some(Err(error)) => Some((Err(error), None)),
            None => None,
        }
    });
    StreamBody::new(frames).boxed_unsync()
}

impl Flow {
    async fn next(&mut self) -> Option<Result<Frame<Bytes>, BoxError>> {
        if let Some((at, how)) = &self.shape.cut
            && self.passed >= *at
        {
            return Some(Err(cut(how.clone(), &self.abort).await));
        }
        if self.left.is_empty() {
            match self.body.frame().await? {
                Ok(frame) => match frame.into_data() {
                    Ok(data) => self.left = data,
                    Err(trailers) => return Some(Ok(trailers)),
                },
                Err(error) => return Some(Err(error.into())),
            }
        }
        let piece = self.piece();
        self.slow_down(piece.len()).await;
        self.count(piece.len());
        Some(Ok(Frame::data(piece)))
    }

    fn piece(&mut self) -> Bytes {
        let mut length = self.left.len();
        if self.shape.bytes_per_second.is_some() {
            length = length.min(PIECE);
        }
        if let Some((at, _)) = &self.shape.cut {
            length = length.min(usize::try_from(at - self.passed).unwrap_or(usize::MAX));
        }
        let piece = self.left.split_to(length);
        let Some(at) = self
            .shape
            .flip_at
            .and_then(|at| at.checked_sub(self.passed))
        else {
            return piece;
        };
        let mut flipped = piece.to_vec();
        match usize::try_from(at).ok().and_then(|at| flipped.get_mut(at)) {
            Some(byte) => *byte ^= 1,
            None => return piece,
        }
        flipped.into()
    }

    async fn slow_down(&self, bytes: usize) {
        if let Some(per_second) = self.shape.bytes_per_second.filter(|speed| *speed > 0) {
            let micros = (bytes as u64).saturating_mul(1_000_000) / per_second;
            tokio::time::sleep(Duration::from_micros(micros)).await;
        }
    }

    fn count(&mut self, bytes: usize) {
        let bytes = bytes as u64;
        self.passed += bytes;
        let counter = match self.direction {
            Direction::Request => &self.entry.received,
            Direction::Response => &self.entry.returned,
        };
        counter.fetch_add(bytes, Ordering::AcqRel);
    }
}

async fn cut(how: Cut, abort: &CancellationToken) -> BoxError {
    match how {
        Cut::Reset => tokio::time::sleep(FLUSHES_WITHIN).await,
        Cut::Stall(gate) => gate.opened().await,
    }
    abort.cancel();
    "cut by a rule".into()
}
