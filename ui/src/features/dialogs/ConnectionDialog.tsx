import { Button } from "../../components/Button";
import { ErrorPanel } from "../../components/ErrorPanel";
import type { Session } from "../../contract/types";
import { openDialog } from "../../state/dialogs";
import { connectionStrings as say } from "../../strings/en/connection";
import { AdvancedFields } from "./AdvancedFields";
import { EndpointFields } from "./EndpointFields";
import { FormDialog } from "./FormDialog";
import { LookFields } from "./LookFields";
import { SourceFields } from "./SourceFields";
import { SourcePicker } from "./SourcePicker";
import { TestOutcome } from "./TestOutcome";
import { useConnection } from "./useConnection";

type Props = {
  session?: Session;
  /** Only the secret is missing. */
  asksForSecret?: boolean;
  onSaved?: ((session: string) => void) | undefined;
  onClose: () => void;
};

/** Makes or edits a connection. It is tested before it is saved. */
export function ConnectionDialog({ session, asksForSecret = false, onSaved, onClose }: Props) {
  const connection = useConnection(session, (id) => {
    onClose();
    onSaved?.(id);
  });
  const { form, change, isTesting, isSaving } = connection;
  const isBusy = isTesting || isSaving;
  const remove = () => {
    if (session) openDialog({ kind: "removeSession", session, onRemoved: onClose });
  };
  return (
    <FormDialog
      title={session ? say.editTitle(session.name) : say.newTitle}
      subtitle={subtitleOf(session)}
      width="medium"
      submitLabel={isSaving ? say.saving : say.save}
      isPending={isBusy}
      footnote={
        session && (
          <Button variant="quiet" onPress={remove}>
            {say.remove}
          </Button>
        )
      }
      extra={
        <Button isPending={isBusy} onPress={() => void connection.test()}>
          {isTesting ? say.testing : say.test}
        </Button>
      }
      onSubmit={() => void connection.save()}
      onClose={onClose}
    >
      <SourcePicker value={form.source} onChange={(source) => change({ source })} />
      <EndpointFields connection={connection} autoFocus={!asksForSecret} />
      <SourceFields connection={connection} asksForSecret={asksForSecret} />
      <LookFields connection={connection} />
      <AdvancedFields connection={connection} />
      <TestOutcome connection={connection} />
      {connection.saveError && <ErrorPanel error={connection.saveError} />}
    </FormDialog>
  );
}

function subtitleOf(session: Session | undefined): string {
  if (session === undefined) return say.newHint;
  return session.needsSecret ? say.secretGoneHint : say.editHint;
}
