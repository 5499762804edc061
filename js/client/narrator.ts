// L4: what the option `debug` says: a line for each call when it ends, and one for all else.
import type { AuthEventDetails, AuthEventType, TimelineCause } from '../types.ts';

type Narrator = <Type extends AuthEventType>(type: Type, detail: AuthEventDetails[Type]) => string;

interface Story {
  readonly name: string;
  readonly from: number;
  text: string;
  /** Where refreshes had got to when it was refused. */
  refused?: number | undefined;
}

/** Gives a function that has a line for an event, or an empty one. */
export function createNarrator(): Narrator {
  // By the client's number, which may come again.
  const stories = new Map<number, Story>();
  let calls = 0;
  // Goes up with each step of a refresh.
  let steps = 0;
  return (type, detail) => {
    if (!('request' in detail)) return `${type} ${JSON.stringify(detail)}`;
    const { cause, request, method, status, at } = detail;
    // `refresh_sent` and the like are words already.
    if (request === 0) {
      steps++;
      return cause.replaceAll('_', ' ');
    }
    let story = stories.get(request);
    // A token that was at hand is nothing to tell of.
    if (!story && cause === 'request_settled') return '';
    story ??= { name: `${method || 'Call'} #${++calls}`, from: at, text: '' };
    stories.set(request, story);
    // A late 401 is answered with the tokens that there are by now (R2), without a refresh.
    if ((story.refused ?? steps) !== steps) story.text += ' → refresh';
    story.refused = cause === 'unauthorized' ? steps : undefined;
    if (status) story.text += ` ${status}`;
    // A 401 that nothing followed.
    else if (cause === 'request_delivered') story.text += ' → delivered';
    story.text += STEPS[cause] ?? '';
    if (!LAST.test(cause)) return '';
    stories.delete(request);
    return `${story.name}${story.text}, ${Math.round(at - story.from)} ms`;
  };
}

// How a call goes on, beside the status of its answer, in the words of js/devtools/words.ts. What is not
// here says nothing.
const STEPS: Partial<Record<TimelineCause, string>> = {
  request_waits: ' → waits',
  request_retried: ' → sent again',
  request_plain: ' sent without a token',
  request_aborted: ' → aborted',
  request_failed: ' → no answer',
};
const LAST = /_(?:plain|delivered|aborted|failed|settled)$/;
