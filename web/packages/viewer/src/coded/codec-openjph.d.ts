declare module "@cornerstonejs/codec-openjph" {
  export interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
  }

  export interface HTJ2KDecoder {
    /** Memory of the decoder for a code stream of this length. */
    getEncodedBuffer(length: number): Uint8Array;
    readHeader(): void;
    getFrameInfo(): FrameInfo;
    decode(): void;
    decodeSubResolution(skip: number): void;
    /** Samples in the decoder's memory: copy them before the next call. */
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }

  export interface OpenJph {
    readonly HTJ2KDecoder: new () => HTJ2KDecoder;
  }

  const start: (options?: { locateFile?: (name: string) => string }) => Promise<OpenJph>;
  export default start;
}
