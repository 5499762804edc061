// React Native's own fetch, URL, URLSearchParams and AbortController, on what host.js gives it.
import 'react-native/Libraries/Core/setUpXHR';
import emitter from 'react-native/Libraries/EventEmitter/RCTDeviceEventEmitter';

/** The host's call: an answer has come. Its body is in base64. */
Object.assign(globalThis, {
  /** @type {(request: number, status: number, headers: object, url: string, body: string) => void} */
  answer: (request, status, headers, url, body) => {
    emitter.emit('didReceiveNetworkResponse', [request, status, headers, url]);
    emitter.emit('didReceiveNetworkData', [request, body]);
    emitter.emit('didCompleteNetworkResponse', [request, '', false]);
  },
});
