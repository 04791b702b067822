package guidebook.counter

import guidebook.ui.app.Kept
import java.io.File
import java.io.IOException
import java.util.Properties

/** Settings in a file beside the books. */
class KeptInFile(private val file: File) : Kept {
    private val values = Properties()

    init {
        if (file.exists()) file.reader().use(values::load)
    }

    @Synchronized
    override fun read(key: String): String? = values.getProperty(key)

    @Synchronized
    override fun write(key: String, value: String?) {
        if (value == null) values.remove(key) else values.setProperty(key, value)
        try {
            file.writer().use { values.store(it, null) }
        } catch (_: IOException) {
            // A setting that was not kept is set again next time.
        }
    }
}
