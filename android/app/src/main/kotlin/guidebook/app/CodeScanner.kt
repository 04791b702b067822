package guidebook.app

import android.widget.Toast
import androidx.activity.ComponentActivity
import androidx.activity.result.ActivityResultLauncher
import com.google.zxing.client.android.Intents
import com.journeyapps.barcodescanner.ScanContract
import com.journeyapps.barcodescanner.ScanIntentResult
import com.journeyapps.barcodescanner.ScanOptions

/**
 * Reads one QR code or barcode by ZXing's own screen, which also asks for the camera. Made anew by each activity; whoever
 * waits for a code is kept in [waiting], so that turning the phone over the scanner loses nothing.
 */
class CodeScanner(private val activity: ComponentActivity, private val waiting: Waiting) {
    /** Outlives the activity. */
    class Waiting {
        var found: ((String) -> Unit)? = null
    }

    private val launcher: ActivityResultLauncher<ScanOptions> = activity.registerForActivityResult(ScanContract(), ::answered)

    fun scan(found: (String) -> Unit) {
        waiting.found = found
        launcher.launch(
            ScanOptions().setDesiredBarcodeFormats(FORMATS).setPrompt(activity.getString(R.string.scan_prompt))
                .setBeepEnabled(false).setOrientationLocked(false),
        )
    }

    private fun answered(result: ScanIntentResult) {
        val found = waiting.found.also { waiting.found = null }
        val code = result.contents
        when {
            code != null -> found?.invoke(code)
            result.originalIntent?.getBooleanExtra(Intents.Scan.MISSING_CAMERA_PERMISSION, false) == true ->
                Toast.makeText(activity, R.string.scan_no_camera, Toast.LENGTH_LONG).show()
        }
    }

    private companion object {
        val FORMATS = listOf(ScanOptions.QR_CODE, ScanOptions.CODE_128, ScanOptions.EAN_13, ScanOptions.DATA_MATRIX)
    }
}
