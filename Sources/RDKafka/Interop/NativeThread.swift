#if canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// A thread of our own, for calls that block: the cooperative pool must not.
///
/// It ends when its body returns. Dropping the value lets it go on alone; `join()` waits for its end.
struct NativeThread: ~Copyable, Sendable {
    private let thread: pthread_t

    /// - Throws: `.invalidArgument` with the system's reason when no thread can be started.
    init(_ body: @escaping @Sendable () -> Void) throws(KafkaError) {
        let box = unsafe Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let result = unsafe pthread_create(&thread, nil, Self.start, box.toOpaque())
        guard result == 0 else {
            unsafe box.release()
            throw KafkaError(
                code: .invalidArgument,
                reason: "no thread can be started: errno \(result)",
                action: .retry
            )
        }
        self.thread = thread
    }

    /// Waits until the body has returned. Blocks: call it when the body is known to be at its end.
    consuming func join() {
        pthread_join(self.thread, nil)
        discard self
    }

    deinit {
        pthread_detach(self.thread)
    }

    private static let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        if let argument = unsafe argument {
            unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}

extension NativeThread {
    /// Runs one blocking call on a thread made for it. For rare calls: making a thread costs about 30 µs.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws(KafkaError) -> Value {
        let result: Result<Value, KafkaError> = await withCheckedContinuation { continuation in
            do throws(KafkaError) {
                _ = try NativeThread { continuation.resume(returning: .success(body())) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }
}
