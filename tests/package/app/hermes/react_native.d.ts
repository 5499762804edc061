// As much of React Native as network.js needs: the checkout has none.
declare module 'react-native/Libraries/Core/setUpXHR';
declare module 'react-native/Libraries/EventEmitter/RCTDeviceEventEmitter' {
  const emitter: { emit(type: string, detail: readonly unknown[]): void };
  export default emitter;
}
