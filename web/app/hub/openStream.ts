interface StreamHandlers<Messages> {
  onOpen: () => void;
  onLost: () => void;
  on: { [Kind in keyof Messages]: (message: Messages[Kind]) => void };
}

const AGAIN_MS = 3000;

/**
 * Follows server-sent events until the returned function is called.
 *
 * The browser reconnects by itself after a cut line, but gives up when it is refused, as while a session is
 * expired; then a new connection is tried every three seconds.
 */
export function openStream<Messages extends object>(
  address: string,
  handlers: StreamHandlers<Messages>,
): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    source = new EventSource(address);
    source.onopen = handlers.onOpen;
    source.onerror = () => {
      handlers.onLost();
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(connect, AGAIN_MS);
    };
    for (const kind of Object.keys(handlers.on) as (keyof Messages & string)[])
      source.addEventListener(kind, (message) => handlers.on[kind](JSON.parse(message.data)));
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
