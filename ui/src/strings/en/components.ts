/** What the kit says by itself. */

export const componentStrings = {
  notices: "Notices",
  dismiss: "Dismiss",
  loading: "Loading",
  retry: "Try again",
  copyDetails: "Copy details",
  copied: "Copied",
  requestId: (id: string) => `Request id ${id}`,
};
