import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  // WebKitGTK 2.42 is what Debian 12 began with; nothing newer may be assumed of the window.
  build: {
    target: ["es2022", "safari16.4", "chrome110"],
    outDir: "dist",
    emptyOutDir: true,
    // The window's policy takes fonts from its own files only.
    assetsInlineLimit: 0,
    // It is read from disk, not from a network.
    chunkSizeWarningLimit: 1500,
  },
  server: { host: "127.0.0.1", port: 5173, strictPort: true },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testSetup.ts"],
    restoreMocks: true,
    // The machine may be busy with a build at the same time.
    testTimeout: 120_000,
  },
});
