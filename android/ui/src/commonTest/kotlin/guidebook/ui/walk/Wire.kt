package guidebook.ui.walk

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.URI
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.concurrent.thread

/** The way to the server, which can be cut. */
class Wire(target: URI) : AutoCloseable {
    private val door = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val open = CopyOnWriteArrayList<Socket>()

    @Volatile
    private var cut = false
    val address = "http://127.0.0.1:${door.localPort}"

    init {
        thread(isDaemon = true) {
            while (!door.isClosed) {
                val near = try {
                    door.accept()
                } catch (_: IOException) {
                    break
                }
                if (cut) {
                    near.close()
                } else {
                    val far = Socket(target.host, target.port)
                    open += listOf(near, far)
                    carry(near, far)
                    carry(far, near)
                }
            }
        }
    }

    private fun carry(from: Socket, to: Socket) = thread(isDaemon = true) {
        try {
            from.getInputStream().transferTo(to.getOutputStream())
        } catch (_: IOException) {
            // Cut.
        } finally {
            from.close()
            to.close()
        }
    }

    fun cut() {
        cut = true
        open.forEach { it.close() }
    }

    fun mend() {
        cut = false
    }

    override fun close() {
        cut()
        door.close()
    }
}
