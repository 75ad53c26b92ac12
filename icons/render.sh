#!/bin/sh
# Renders the icon set from longshore.svg. Needs librsvg2-bin, imagemagick and icnsutils.
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
for size in 16 24 32 48 64 128 256 512 1024; do
    rsvg-convert --width "$size" --height "$size" longshore.svg --output "$made/$size.png"
done
cp "$made/32.png" 32x32.png
cp "$made/128.png" 128x128.png
cp "$made/256.png" 128x128@2x.png
cp "$made/512.png" icon.png
convert "$made/16.png" "$made/24.png" "$made/32.png" "$made/48.png" "$made/64.png" "$made/256.png" icon.ico
png2icns icon.icns "$made/16.png" "$made/32.png" "$made/48.png" "$made/128.png" "$made/256.png" "$made/512.png" "$made/1024.png"
