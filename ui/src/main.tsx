import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./styles/tokens.css";
import "./styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { setHost } from "./host/host";
import { chooseHost } from "./host/choose";
import { startTheme } from "./state/theme";

async function start(root: HTMLElement): Promise<void> {
  startTheme();
  setHost(await chooseHost());
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) void start(root);
