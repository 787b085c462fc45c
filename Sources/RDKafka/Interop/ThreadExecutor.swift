internal import Locking

#if canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// A serial executor with a thread of its own: an actor that runs on it may block, e.g. in librdkafka's polls.
///
/// The thread ends with the executor, after the jobs that it has.
final class ThreadExecutor: SerialExecutor {
    private let inbox: Inbox

    init() throws(KafkaError) {
        let inbox = Inbox()
        self.inbox = inbox
        _ = try NativeThread { while let job = inbox.next() { job() } }
    }

    deinit {
        self.inbox.close()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The closure holds the executor, so that its thread cannot end before the job has run.
        self.inbox.append { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    /// Jobs for the thread, in order. Holds at most the jobs of one actor that are ready to run.
    private final class Inbox: Sendable {
        private struct State {
            var jobs: [@Sendable () -> Void] = []
            var isClosed = false
        }

        private let state = Locked(State())
        private let signal = Signal()

        func append(_ job: @escaping @Sendable () -> Void) {
            self.state.withLock { $0.jobs.append(job) }
            self.signal.send()
        }

        func close() {
            self.state.withLock { $0.isClosed = true }
            self.signal.send()
        }

        /// The next job, as soon as there is one; `nil` when the inbox is closed and empty.
        func next() -> (@Sendable () -> Void)? {
            while true {
                let (job, isClosed) = self.state.withLock { state in
                    (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isClosed)
                }
                if let job { return job }
                if isClosed { return nil }
                self.signal.wait()
            }
        }
    }

    /// A counting semaphore.
    @safe private final class Signal: @unchecked Sendable {
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private var count = 0

        init() {
            unsafe pthread_mutex_init(self.mutex, nil)
            unsafe pthread_cond_init(self.condition, nil)
        }

        deinit {
            unsafe pthread_cond_destroy(self.condition)
            unsafe pthread_mutex_destroy(self.mutex)
            unsafe self.condition.deallocate()
            unsafe self.mutex.deallocate()
        }

        func send() {
            unsafe pthread_mutex_lock(self.mutex)
            self.count += 1
            unsafe pthread_cond_signal(self.condition)
            unsafe pthread_mutex_unlock(self.mutex)
        }

        func wait() {
            unsafe pthread_mutex_lock(self.mutex)
            while self.count == 0 {
                unsafe pthread_cond_wait(self.condition, self.mutex)
            }
            self.count -= 1
            unsafe pthread_mutex_unlock(self.mutex)
        }
    }
}
