"""One contestant of dicom.mjs: writes the series, then reads it with SimpleITK each time a line comes in."""

import hashlib
import sys
import time

import numpy
import pydicom
import SimpleITK
from pydicom import uid
from pydicom.data import get_testdata_file

folder, slices = sys.argv[1], int(sys.argv[2])
data = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
small = data.pixel_array
series = uid.generate_uid()
for index in range(slices):
    pixels = numpy.roll(numpy.tile(small, (4, 4)), index, axis=0)
    data.Rows, data.Columns = pixels.shape
    data.PixelData = pixels.tobytes()
    data.SeriesInstanceUID = series
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = uid.generate_uid()
    data.InstanceNumber = index + 1
    data.ImagePositionPatient = [-160, -160, 1.25 * index]
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.save_as(f"{folder}/{index:04}.dcm")

print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(folder))
    image = reader.Execute()
    milliseconds = 1000 * (time.perf_counter() - start)
    values = SimpleITK.GetArrayFromImage(image).astype("<i4")
    print(milliseconds, hashlib.sha256(values.tobytes()).hexdigest()[:12], flush=True)
