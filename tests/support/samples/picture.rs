//! Pictures and a sound, made from numbers.

use bytes::Bytes;

const WIDTH: u32 = 320;
const HEIGHT: u32 = 200;
const SAMPLE_RATE: u32 = 44_100;

/// A PNG of sky, sun and waves; another `seed` gives another hour and sea.
pub(super) fn harbour(seed: u32) -> Bytes {
    let mut rows = Vec::with_capacity(((WIDTH * 3 + 1) * HEIGHT) as usize);
    for y in 0..HEIGHT {
        rows.push(0);
        for x in 0..WIDTH {
            rows.extend(pixel(x, y, seed));
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"IDAT", &stored(&rows));
    chunk(&mut png, b"IEND", &[]);
    png.into()
}

/// A WAV of about `bytes` bytes with a slow beat in it.
pub(super) fn tone(bytes: u32) -> Bytes {
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(SAMPLE_RATE.to_le_bytes());
    wav.extend((SAMPLE_RATE * 2).to_le_bytes());
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    for at in 0..bytes / 2 {
        let second = f64::from(at) / f64::from(SAMPLE_RATE);
        let value = (second * 220.0 * std::f64::consts::TAU).sin() * (second * 0.7).sin();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the product stays within 16 bits"
        )]
        wav.extend(((value * 12_000.0) as i16).to_le_bytes());
    }
    wav.into()
}

fn pixel(x: u32, y: u32, seed: u32) -> [u8; 3] {
    let horizon = HEIGHT * 3 / 5;
    let (sun_x, sun_y) = (60 + seed * 37 % 200, 30 + seed * 13 % 60);
    let distance = x.abs_diff(sun_x).pow(2) + y.abs_diff(sun_y).pow(2);
    if y < horizon && distance < 400 {
        return [255, 226, 140];
    }
    if y < horizon {
        let warmth = byte(seed * 29 % 90);
        return [byte(90 + y).saturating_add(warmth), byte(140 + y / 2), 215];
    }
    let wave = (x * 3 + y * y / 7 + seed * 11) % 37;
    [byte(16 + wave), byte(70 + wave), byte(110 + wave * 2)]
}

fn byte(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or_default();
    png.extend(length.to_be_bytes());
    let checked = [kind.as_slice(), data].concat();
    png.extend(&checked);
    png.extend(crc32(&checked).to_be_bytes());
}

/// A zlib stream whose blocks are stored, not compressed.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.chunks(usize::from(u16::MAX));
    let last = blocks.len().saturating_sub(1);
    for (index, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap_or_default();
        stream.push(u8::from(index == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for value in data {
        low = (low + u32::from(*value)) % 65_521;
        high = (high + low) % 65_521;
    }
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, value| {
        (0..8).fold(crc ^ u32::from(*value), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}
