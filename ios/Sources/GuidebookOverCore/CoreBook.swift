import Guidebook
