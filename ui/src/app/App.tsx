import { Notices } from "../components/Notices";
import styles from "./App.module.css";

/** The window: sidebar, what is browsed, inspector, dock. */
export function App() {
  return (
    <>
      <div className={styles.frame} />
      <Notices />
    </>
  );
}
