public import Synchronization

/// A value behind a lock: the only lock of the house.
///
/// It is `Synchronization.Mutex` in a function of its own, because on Linux `Mutex` is not safe in an async function of an optimised
/// build: it takes and gives back the lock under the thread's id, which it reads from a thread-local variable, in code that is
/// inlined into the caller. The optimiser may compute that variable's address before an `await` and use it behind it, where the task
/// runs on another thread: the lock is then taken under one thread's id and given back under another's, and the process ends with
/// "Call to unlock Mutex on a thread which hasn't acquired the lock". (LLVM issues 47179 and 63022 are the same in C++ coroutines.)
/// `withLock` is never inlined, so nothing of the lock can reach across an `await`.
public struct Locked<Value: ~Copyable>: ~Copyable {
    @usableFromInline
    let mutex: Mutex<Value>

    /// Puts `value` behind a lock.
    @inlinable
    public init(_ value: consuming sending Value) {
        self.mutex = Mutex(value)
    }

    /// Runs `body` with the value while nobody else has it. `body` must not call out, and not take the lock again.
    @inlinable
    @inline(never)
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try self.mutex.withLock(body)
    }
}

extension Locked: Sendable where Value: ~Copyable {}
