import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
} from "react-aria-components";
import { cx } from "../lib/cx";
import field from "./Field.module.css";
import menu from "./Menu.module.css";
import styles from "./Select.module.css";

export type Choice<T extends string> = { id: T; label: string };

type Props<T extends string> = {
  label: string;
  hideLabel?: boolean;
  choices: readonly Choice<T>[];
  value: T;
  onChange: (value: T) => void;
  isDisabled?: boolean;
};

/** One of a few choices. */
export function Select<T extends string>(props: Props<T>) {
  const { label, hideLabel, choices, value, onChange, isDisabled = false } = props;
  return (
    <AriaSelect
      className={field.field ?? ""}
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.id === key);
        if (chosen) onChange(chosen.id);
      }}
    >
      <Label className={hideLabel ? "visually-hidden" : (field.label ?? "")}>{label}</Label>
      <Button className={cx(field.input, styles.button)}>
        <SelectValue />
        <span aria-hidden="true">▾</span>
      </Button>
      <Popover className={menu.popover ?? ""}>
        <ListBox className={menu.menu ?? ""} items={choices}>
          {(choice) => <ListBoxItem className={menu.item ?? ""}>{choice.label}</ListBoxItem>}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
