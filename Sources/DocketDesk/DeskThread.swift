internal import Foundation

/// The writer's own thread: takes a turn, sleeps until there is something to do.
enum DeskThread {
    /// Starts the thread.
    static func start(_ loop: DeskLoop, sleepingOn queue: CommandQueue) {
        let thread = Thread {
            var loop = loop
            while let pause = loop.turn() {
                if pause > .zero { queue.sleep(atMost: pause) }
            }
        }
        thread.name = "docket.desk"
        thread.start()
    }
}
